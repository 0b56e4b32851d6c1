using System.Text;

namespace Gateway.Hosting;

/// <summary>
/// The file <c>.env</c> in the working directory: lines <c>NAME=value</c>, as the deployments before this product have them. Values may
/// stand in quotes; in double ones <c>\n</c>, <c>\"</c> and <c>\\</c> are read; <c>#</c> begins a comment. The real environment wins.
/// </summary>
internal static class DotEnvFile
{
    private const string FileName = ".env";
    private const string Export = "export ";

    /// <summary>Puts the file's variables into this process's environment, where they are not set yet.</summary>
    /// <exception cref="StartFailedException">A line is no variable; it is named by its number, because its text may be a
    /// secret.</exception>
    public static void Apply(string folder)
    {
        foreach (var (name, value) in Read(folder))
        {
            if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }
    }

    /// <summary>Reads the file; nothing when there is none. A name that stands twice has its last value.</summary>
    /// <exception cref="StartFailedException">A line is no variable.</exception>
    public static Dictionary<string, string> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        Dictionary<string, string> variables = [];
        if (!File.Exists(path))
        {
            return variables;
        }
        var number = 0;
        foreach (var line in File.ReadLines(path).Select(l => l.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }
            if (!TryRead(line.StartsWith(Export, StringComparison.Ordinal) ? line[Export.Length..] : line, out var name, out var value))
            {
                throw new StartFailedException($"Line {number} of {path} is no NAME=value.");
            }
            variables[name] = value;
        }
        return variables;
    }

    private static bool TryRead(string line, out string name, out string value)
    {
        var end = line.IndexOf('=');
        name = end < 0 ? "" : line[..end].TrimEnd();
        value = "";
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            return false;
        }
        var text = line[(end + 1)..].TrimStart();
        if (text is not (['\'', ..] or ['"', ..]))
        {
            var comment = text.IndexOf(" #", StringComparison.Ordinal);
            value = (
                text.StartsWith('#') ? ""
                : comment < 0 ? text
                : text[..comment]
            ).TrimEnd();
            return true;
        }
        return TryUnquote(text, out value, out var rest) && (rest.Length == 0 || rest[0] == '#');
    }

    private static bool TryUnquote(string text, out string value, out string rest)
    {
        var quote = text[0];
        var result = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == quote)
            {
                (value, rest) = (result.ToString(), text[(i + 1)..].Trim());
                return true;
            }
            if (quote == '"' && text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
                result.Append(
                    text[i] switch
                    {
                        'n' => "\n",
                        '"' => "\"",
                        '\\' => "\\",
                        var other => "\\" + other,
                    }
                );
            }
            else
            {
                result.Append(text[i]);
            }
        }
        (value, rest) = ("", "");
        return false;
    }
}
