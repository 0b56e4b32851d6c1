using Gateway.Commands;
using Gateway.Core.Ledger;
using Gateway.Hosting;
using Gateway.Tests.Support;

namespace Gateway.Tests.Commands;

public sealed class ProgressBarTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly StringWriter _terminal = new();

    [Fact]
    public void It_shows_how_far_the_work_is_and_what_time_is_left()
    {
        using var bar = new ProgressBar(_terminal, "rows", _time);
        _time.Advance(TimeSpan.FromSeconds(5));
        bar.Report(new WorkProgress(2_500, 10_000));
        Assert.Equal("\r[#######.......................]  25 %  2,500 of 10,000 rows, 0:00:15 left", _terminal.ToString());
    }

    [Fact]
    public void It_is_drawn_a_few_times_a_second_only()
    {
        using var bar = new ProgressBar(_terminal, "rows", _time);
        for (var i = 0; i < 1_000; i++)
        {
            bar.Report(new WorkProgress(i, 1_000));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
        Assert.Equal(5, _terminal.ToString().Count(c => c == '\r'));
    }

    [Fact]
    public void It_takes_its_line_away()
    {
        using (var bar = new ProgressBar(_terminal, "rows", _time))
        {
            bar.Report(new WorkProgress(0, 0));
        }
        Assert.EndsWith("\r", _terminal.ToString(), StringComparison.Ordinal);
        Assert.Equal("", _terminal.ToString().Split('\r')[^1]);
        Assert.True(string.IsNullOrWhiteSpace(_terminal.ToString().Split('\r')[^2]));
    }

    [Fact]
    public void Without_a_terminal_there_is_none()
    {
        var context = new CommandContext
        {
            Environment = new Dictionary<string, string>(),
            Output = TextWriter.Null,
            Errors = _terminal,
        };
        Assert.Null(ProgressBar.For(context, "rows"));
        using var bar = ProgressBar.For(context with { ShowsProgress = true }, "rows");
        Assert.NotNull(bar);
    }
}
