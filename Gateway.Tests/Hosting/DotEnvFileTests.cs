using Gateway.Hosting;

namespace Gateway.Tests.Hosting;

public sealed class DotEnvFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-env-");

    [Theory]
    [InlineData("A=b", "b")]
    [InlineData("  A = b  ", "b")]
    [InlineData("export A=b", "b")]
    [InlineData("A=b # a comment", "b")]
    [InlineData("A=b#c", "b#c")]
    [InlineData("A=", "")]
    [InlineData("A=# nothing", "")]
    [InlineData("A='b # c' # a comment", "b # c")]
    [InlineData("A=\"b \\\"c\\\" \\\\ \\n d\"", "b \"c\" \\ \n d")]
    [InlineData("A='\\n'", "\\n")]
    [InlineData("A=postgres://u:p=w@h:5432/n?x=y", "postgres://u:p=w@h:5432/n?x=y")]
    [InlineData("\uFEFFA=b\r\n\r\n# comment\r\n", "b")]
    [InlineData("A=first\nA=b", "b")]
    public void A_line_is_read(string text, string value) => Assert.Equal(value, Read(text)["A"]);

    [
        Theory,
        InlineData("secret-value"),
        InlineData("=secret-value"),
        InlineData("A B=secret-value"),
        InlineData("1A=secret-value"),
        InlineData("A=\"secret-value"),
        InlineData("A='secret-value' more")
    ]
    public void A_line_that_is_none_stops_the_start_by_its_number_alone(string line)
    {
        var failed = Assert.Throws<StartFailedException>(() => Read("OK=1\n" + line));
        Assert.StartsWith("Line 2 of ", failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_file_nothing_is_read() => Assert.Empty(DotEnvFile.Read(_folder.FullName));

    public void Dispose() => _folder.Delete(recursive: true);

    private Dictionary<string, string> Read(string text)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, ".env"), text);
        return DotEnvFile.Read(_folder.FullName);
    }
}
