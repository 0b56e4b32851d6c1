using Gateway.Core.Keys;

namespace Gateway.Tests.Support;

/// <summary>A key made by a test.</summary>
internal sealed record TestKey(string Id, string UserId, NewApiKey Key)
{
    public string Text => Key.Text;
}
