namespace Gateway.Tests.Support;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution, found from where the tests run.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string? folder) =>
        folder is null ? throw new InvalidOperationException("No OneUIHub.sln above the tests.")
        : File.Exists(Path.Combine(folder, "OneUIHub.sln")) ? folder
        : Find(Path.GetDirectoryName(folder));
}
