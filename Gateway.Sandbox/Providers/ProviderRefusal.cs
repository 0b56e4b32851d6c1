namespace Gateway.Sandbox.Providers;

/// <summary>A refusal, before it is put into a provider's words.</summary>
/// <param name="Status">The status.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">The sentence.</param>
/// <param name="Param">The member at fault, or null.</param>
internal sealed record ProviderRefusal(int Status, RefusalReason Reason, string Message, string? Param = null);
