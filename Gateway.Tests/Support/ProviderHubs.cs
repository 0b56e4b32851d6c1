using Gateway.Sandbox.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Support;

/// <summary>Starts the product with providers and without LiteLLM.</summary>
internal static class ProviderHubs
{
    /// <summary>The environment that makes an upstream of a provider's server.</summary>
    public static Dictionary<string, string> EnvironmentOf(string kind, ProviderHost provider)
    {
        var settings = new Dictionary<string, string>
        {
            [$"{kind.ToUpperInvariant()}_API_KEY"] = provider.ApiKey,
            [$"{kind.ToUpperInvariant()}_BASE_URL"] = provider.BaseAddress.ToString(),
        };
        if (kind == "yandex")
        {
            settings["YANDEX_FOLDER_ID"] = "b1gsandbox";
        }
        return settings;
    }

    /// <summary>The product with one provider.</summary>
    public static Task<HubHost> StartAsync(string kind, ProviderHost provider) =>
        HubHost.StartAsync(settings: EnvironmentOf(kind, provider));

    /// <summary>The name of some chat model of the catalogue.</summary>
    public static async Task<string> ModelAsync(this HubHost hub)
    {
        await using var db = await hub.Databases.CreateDbContextAsync();
        return await db.Models.Where(m => m.Mode == "chat").OrderBy(m => m.Name).Select(m => m.Name).FirstAsync();
    }
}
