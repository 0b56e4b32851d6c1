namespace Gateway.Admin.Transport;

/// <summary>Marks the routes where passwords and tokens could be guessed.</summary>
internal sealed class AuthLimited
{
    public static readonly AuthLimited Instance = new();
}
