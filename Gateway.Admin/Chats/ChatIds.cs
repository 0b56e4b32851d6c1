using Gateway.Admin.Requests;

namespace Gateway.Admin.Chats;

/// <summary>Several chats.</summary>
[Example("""{"ids":["01980a3c-5d1e-7c55-b0a4-6f2d1c9e8b70"]}""")]
internal sealed record ChatIds
{
    [Names(100, 36, MinimumCount = 1)]
    public required List<string> Ids { get; init; }
}
