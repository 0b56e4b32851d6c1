using System.ComponentModel;

namespace Gateway.Admin.Logos;

/// <summary>Which logo is meant.</summary>
internal sealed record LogoQuery
{
    [Description("The address that the upload answered.")]
    public string? Url { get; init; }
}
