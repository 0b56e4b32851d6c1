using System.Reflection;

namespace Gateway.Core.Configuration;

/// <summary>The version of this product, as every place that shows one shows it.</summary>
public static class ProductVersion
{
    /// <summary>Without the commit that it was built from.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "0";
}
