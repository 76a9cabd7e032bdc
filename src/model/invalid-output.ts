// Thrown inside a worker when what the stages left cannot be published; becomes the failure `invalid_output`.

/** What a stage left behind cannot be published: a missing slice, a value that does not serialise, a vanished file. */
export class InvalidOutputError extends Error {
  override readonly name = 'InvalidOutputError';
}
