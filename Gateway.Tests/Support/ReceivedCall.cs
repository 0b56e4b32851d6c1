using System.Text;

namespace Gateway.Tests.Support;

/// <summary>One call as it came, header names in lower case.</summary>
internal sealed record ReceivedCall(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}
