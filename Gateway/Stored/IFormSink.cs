using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Stored;

/// <summary>Takes the parts of a form while it passes. What it refuses ends the form.</summary>
internal interface IFormSink
{
    /// <summary>A part begins; the place of its content is not known.</summary>
    Refusal? Begin(FormPart part);

    /// <summary>Bytes of the part.</summary>
    Refusal? Take(ReadOnlySpan<byte> bytes);

    /// <summary>The part has ended.</summary>
    Refusal? End();
}
