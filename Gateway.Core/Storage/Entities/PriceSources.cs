namespace Gateway.Core.Storage.Entities;

/// <summary>Where a price comes from, in order of precedence.</summary>
public static class PriceSources
{
    /// <summary>An admin sent it.</summary>
    public const string Admin = "admin";

    /// <summary>LiteLLM's <c>/model/info</c>.</summary>
    public const string LiteLlm = "litellm";

    /// <summary>The price file that comes with the product.</summary>
    public const string Shipped = "shipped";
}
