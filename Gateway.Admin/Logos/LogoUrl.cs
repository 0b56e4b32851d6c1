namespace Gateway.Admin.Logos;

/// <summary>Where a logo is.</summary>
internal sealed record LogoUrl(string Url);
