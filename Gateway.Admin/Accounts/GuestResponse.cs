namespace Gateway.Admin.Accounts;

/// <summary>A guest, signed in.</summary>
internal sealed record GuestResponse : AuthResponse
{
    public GuestResponse(AuthResponse tokens)
        : base(tokens) => GuestId = tokens.User.Id;

    public string GuestId { get; }
}
