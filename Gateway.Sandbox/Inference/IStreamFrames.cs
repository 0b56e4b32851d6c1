using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Inference;

/// <summary>The events of a stream, in the form of its API. Several may go into one frame.</summary>
internal interface IStreamFrames
{
    /// <summary>Whether something comes before the first piece.</summary>
    bool HasRoleChunk { get; }

    /// <summary>Whether the usage comes unasked.</summary>
    bool AlwaysTellsUsage { get; }

    void AppendRole(Utf8Builder frame);

    /// <summary>One piece of one choice.</summary>
    /// <param name="frame">Where to append.</param>
    /// <param name="choice">The choice.</param>
    /// <param name="index">The piece.</param>
    /// <param name="soFar">Usage to put on this chunk too, or null.</param>
    void AppendPiece(Utf8Builder frame, int choice, int index, SandboxUsage? soFar);

    void AppendFinish(Utf8Builder frame);

    void AppendFinish(Utf8Builder frame, ReadOnlySpan<byte> reason);

    void AppendUsage(Utf8Builder frame, in SandboxUsage usage, double cost);

    /// <summary>The first of the two chunks of a stream whose provider said nothing: a finish.</summary>
    void AppendEmptyFinish(Utf8Builder frame);

    /// <summary>The second: where the usage would be, without any.</summary>
    void AppendEmptyUsage(Utf8Builder frame);

    /// <summary>The stream's end.</summary>
    void AppendDone(Utf8Builder frame);

    /// <summary>An error within the stream; whether <see cref="AppendDone"/> still follows.</summary>
    bool AppendError(Utf8Builder frame, in LiteLlmError error);
}
