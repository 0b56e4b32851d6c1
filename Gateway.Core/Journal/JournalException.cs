namespace Gateway.Core.Journal;

/// <summary>
/// The journal cannot be opened or read. The message is for the operator: it names the folder or file, the cause, and what would help.
/// </summary>
public sealed class JournalException(string message, Exception? inner = null) : IOException(message, inner);
