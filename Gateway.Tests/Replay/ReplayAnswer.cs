namespace Gateway.Tests.Replay;

/// <summary>An answer to give, byte for byte.</summary>
internal sealed record ReplayAnswer(
    int Status,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    IReadOnlyList<ReadOnlyMemory<byte>> Pieces
)
{
    private static readonly KeyValuePair<string, string>[] StreamHeaders =
    [
        KeyValuePair.Create("content-type", "text/event-stream; charset=utf-8"),
    ];
    private static readonly KeyValuePair<string, string>[] PlainHeaders = [KeyValuePair.Create("content-type", "application/json")];

    /// <summary>Whether the body comes to its proper end; else the connection is cut behind the last piece.</summary>
    public bool Ends { get; init; } = true;

    /// <summary>Waited for before a piece is sent, by its number.</summary>
    public Func<int, Task>? BeforePiece { get; init; }

    /// <summary>Waited for behind the last piece.</summary>
    public Func<Task>? BeforeEnd { get; init; }

    public static ReplayAnswer Of(RecordedExchange recorded) =>
        new(recorded.Status!.Value, recorded.Headers, [.. recorded.Pieces.Select(piece => (ReadOnlyMemory<byte>)piece)])
        {
            Ends = recorded.IsComplete,
        };

    /// <summary>A stream of pieces as they go on the wire.</summary>
    public static ReplayAnswer Stream(params IEnumerable<byte[]> pieces) =>
        new(200, StreamHeaders, [.. pieces.Select(piece => (ReadOnlyMemory<byte>)piece)]);

    /// <summary>A plain JSON answer with its length.</summary>
    public static ReplayAnswer Plain(byte[] body, params IEnumerable<KeyValuePair<string, string>> headers) =>
        new(
            200,
            [
                .. PlainHeaders,
                KeyValuePair.Create("content-length", body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                .. headers,
            ],
            [body]
        );
}
