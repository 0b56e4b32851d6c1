namespace Gateway.Core.Storage.Providers;

/// <summary>The database's file was deleted or replaced while the process had it open: what is written goes nowhere.</summary>
public sealed class DatabaseGoneException()
    : IOException(
        "The database's file was deleted or replaced while the gateway was running. Stop the gateway, put the file back, and start it "
            + "again; the journal keeps what was settled meanwhile."
    );
