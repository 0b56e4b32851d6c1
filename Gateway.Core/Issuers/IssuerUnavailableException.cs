namespace Gateway.Core.Issuers;

/// <summary>The issuer's keys are unavailable now; the message is for the operator and holds no secret.</summary>
internal sealed class IssuerUnavailableException(string message) : Exception(message);
