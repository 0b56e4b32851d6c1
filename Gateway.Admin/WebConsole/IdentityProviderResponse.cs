namespace Gateway.Admin.WebConsole;

/// <summary>Somebody whose page people may sign in at.</summary>
/// <param name="Name">What the sign-in page calls it.</param>
/// <param name="StartUrl">Where a browser goes to sign in there; <c>return_to</c> may name the view to come back to.</param>
internal sealed record IdentityProviderResponse(string Name, string StartUrl);
