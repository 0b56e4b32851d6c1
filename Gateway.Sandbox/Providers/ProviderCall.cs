namespace Gateway.Sandbox.Providers;

/// <summary>A call that came to a provider's server.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Headers">The headers, by name in lower case.</param>
/// <param name="Body">The body as text; files of forms among it.</param>
public sealed record ProviderCall(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);
