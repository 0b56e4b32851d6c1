using System.Globalization;
using Gateway.Core.Ledger;
using Gateway.Hosting;

namespace Gateway.Commands;

/// <summary>Shows on one line of a terminal how far a long command is, a few times a second, and takes the line away at the end.</summary>
internal sealed class ProgressBar(TextWriter terminal, string what, TimeProvider time) : IProgress<WorkProgress>, IDisposable
{
    private const int Cells = 30;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _next;
    private int _shown;

    /// <summary>A bar where a person sees it, else null.</summary>
    public static ProgressBar? For(CommandContext context, string what) =>
        context.ShowsProgress ? new ProgressBar(context.Errors, what, TimeProvider.System) : null;

    public void Report(WorkProgress value)
    {
        var elapsed = time.GetElapsedTime(_start);
        if (elapsed < _next)
        {
            return;
        }
        _next = elapsed + Interval;
        Show(Line(value, elapsed));
    }

    public void Dispose()
    {
        if (_shown > 0)
        {
            terminal.Write("\r" + new string(' ', _shown) + "\r");
            terminal.Flush();
        }
    }

    private string Line(WorkProgress value, TimeSpan elapsed)
    {
        var share = value.Total > 0 ? Math.Clamp((double)value.Done / value.Total, 0, 1) : 0;
        var filled = (int)(share * Cells);
        var left = share > 0 ? TimeSpan.FromSeconds(Math.Ceiling(elapsed.TotalSeconds * (1 - share) / share)) : TimeSpan.Zero;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[{new string('#', filled)}{new string('.', Cells - filled)}] {share * 100, 3:0} %  {value.Done:N0} "
                + $"of {value.Total:N0} {what}, {left:g} left"
        );
    }

    private void Show(string line)
    {
        terminal.Write("\r" + line.PadRight(_shown));
        terminal.Flush();
        _shown = line.Length;
    }
}
