namespace Gateway.Sandbox;

/// <summary>What a caller sent.</summary>
/// <param name="Headers">Headers of an allow-list; never a credential.</param>
/// <param name="BodySha256">Of the whole body, in hex.</param>
/// <param name="Body">The body as text, cut at <see cref="SandboxOptions.BodyBytes"/>.</param>
public sealed record SandboxReceived(IReadOnlyDictionary<string, string> Headers, string BodySha256, string Body);
