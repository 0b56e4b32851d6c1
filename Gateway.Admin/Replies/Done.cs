namespace Gateway.Admin.Replies;

/// <summary>An answer that says only that it was done.</summary>
internal sealed record Done(string Message)
{
    public bool Success => true;
}
