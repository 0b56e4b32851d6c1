using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Usage;

namespace Gateway.Answers;

/// <summary>What the meters say of an answer, and what its API adds from the call.</summary>
internal static class Metered
{
    /// <summary>The result of a plain answer.</summary>
    public static MeteredAnswer CloseOf(this PlainMeter meter, Call call) => call.Api.Answers.Complete(call, meter.Close(call.Body.Length));

    /// <summary>The result of a stream.</summary>
    public static MeteredAnswer CloseOf(this StreamMeter meter, Call call) =>
        call.Api.Answers.Complete(call, meter.Close(call.Body.Length));
}
