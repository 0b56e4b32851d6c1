using Gateway.Core.Buffers;
using Gateway.Core.Usage;

namespace Gateway.Calls;

/// <summary>How the answers of an API tell their usage, and what the gateway itself may have to add to a stream of them.</summary>
internal abstract class AnswerForm
{
    /// <summary>How usage counts: whether cached tokens are inside or beside the input.</summary>
    public abstract UsageShape Usage { get; }

    /// <summary>Whether an answer may be sound, or a text that is no JSON.</summary>
    public virtual bool BringsMedia => false;

    /// <summary>The media types of a plain answer.</summary>
    public virtual string Accepts => "application/json";

    /// <summary>
    /// Adds what the answer does not say of its usage and the call does: pieces that are counted in the body. Else the answer as it is.
    /// </summary>
    public virtual MeteredAnswer Complete(Call call, MeteredAnswer answer) => answer;

    /// <summary>Adds an error to a stream that has begun.</summary>
    /// <param name="output">What goes to the client.</param>
    /// <param name="status">The status that the error stands for.</param>
    /// <param name="error">The error.</param>
    /// <param name="requestId">The call's id marks an error of the gateway's own; null: the upstream's.</param>
    public abstract void AppendError(PooledBuffer output, int status, OpenAiError error, string? requestId);

    /// <summary>
    /// Adds the proper end of a stream that the gateway ends itself, as a client knows it from a maximum that was reached.
    /// </summary>
    /// <param name="output">What goes to the client.</param>
    /// <param name="call">The call.</param>
    /// <param name="meter">What passed so far.</param>
    /// <param name="now">The time that a chunk names.</param>
    public abstract void AppendEnd(PooledBuffer output, Call call, StreamMeter meter, DateTimeOffset now);
}
