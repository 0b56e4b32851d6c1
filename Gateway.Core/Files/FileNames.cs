namespace Gateway.Core.Files;

/// <summary>Names that users give files.</summary>
public static class FileNames
{
    /// <summary>The longest, in characters.</summary>
    public const int Longest = 255;

    /// <summary>A name without folders and control characters, cut; another where nothing is left.</summary>
    public static string Clean(string? given, string otherwise)
    {
        var name = (given ?? "").Split('/', '\\')[^1];
        name = new string([.. name.Where(c => !char.IsControl(c))]).Trim();
        if (name.Length > Longest)
        {
            name = char.IsHighSurrogate(name[Longest - 1]) ? name[..(Longest - 1)] : name[..Longest];
        }
        return name.Length == 0 ? otherwise : name;
    }
}
