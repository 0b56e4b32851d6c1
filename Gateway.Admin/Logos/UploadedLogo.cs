namespace Gateway.Admin.Logos;

/// <summary>An uploaded logo, in the words of two clients.</summary>
internal sealed record UploadedLogo(bool Success, string Message, LogoUrl Data, string Url);
