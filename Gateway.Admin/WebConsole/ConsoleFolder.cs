namespace Gateway.Admin.WebConsole;

/// <summary>Where the built console lies; the folder need not be there.</summary>
/// <param name="Path">The folder with <c>index.html</c> in it.</param>
public sealed record ConsoleFolder(string Path)
{
    /// <summary>The folder beside the program, into which a build puts it.</summary>
    public static ConsoleFolder BesideProgram { get; } = new(System.IO.Path.Combine(AppContext.BaseDirectory, "console"));
}
