namespace Gateway.Tests.WebConsole;

/// <summary>The console in a real browser against the running product. What is asserted stands in <c>Gateway.Console/tests</c>.</summary>
public sealed class ConsoleTests(ConsoleRun run) : IClassFixture<ConsoleRun>
{
    public static TheoryData<string, string> Names
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (file, name) in ConsoleTestNames.All)
            {
                rows.Add(file, name);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Browser(string file, string name)
    {
        var ran = run.Tests.Where(test => test.File == file && test.Name == name).ToList();
        Assert.True(ran.Count == 1, $"It ran {ran.Count} times. {run.Transcript}");
        Assert.False(ran[0].Skipped, "It was skipped.");
        Assert.True(ran[0].Passed, $"{ran[0].Error}");
    }

    [Fact]
    public void No_test_ran_that_is_not_listed() =>
        Assert.Empty(run.Tests.Select(test => (test.File, test.Name)).Except(ConsoleTestNames.All));
}
