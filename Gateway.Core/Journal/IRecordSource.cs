namespace Gateway.Core.Journal;

/// <summary>Something that can be written as a record. Structs, so that each kind gets code of its own and none is boxed.</summary>
internal interface IRecordSource
{
    /// <summary>Whether it is the beginning of spending: then it must leave room for the ends of what has begun.</summary>
    static abstract bool TakesMoney { get; }

    void Write(ref RecordWriter writer);
}
