namespace Gateway.Sandbox.Inference;

/// <summary>
/// Ends a call in the middle of its answer: the server closes the connection after what was flushed, without the end of the body.
/// (Aborting instead would throw away bytes that are on their way, so that no test could count them.)
/// </summary>
internal sealed class AnswerCutException : Exception;
