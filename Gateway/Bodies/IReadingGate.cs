using Gateway.Calls;

namespace Gateway.Bodies;

/// <summary>Is asked before a body is read: what cannot be let in anyway costs no memory.</summary>
internal interface IReadingGate
{
    /// <summary>Lets a call send its body.</summary>
    /// <returns>The place, to be disposed of when the body was read (null: nobody asks for one), or why the call is refused.</returns>
    ValueTask<(IDisposable? Place, Refusal? Refusal)> EnterAsync(Caller caller, HttpContext http);
}
