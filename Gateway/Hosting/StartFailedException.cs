namespace Gateway.Hosting;

/// <summary>The process cannot start; the message is for the operator.</summary>
internal sealed class StartFailedException(string message, Exception? cause = null) : Exception(message, cause);
