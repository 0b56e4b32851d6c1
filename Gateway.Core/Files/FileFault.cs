namespace Gateway.Core.Files;

/// <summary>Why a file is not taken.</summary>
public enum FileFault
{
    /// <summary>It is taken.</summary>
    None,

    /// <summary>It has no bytes.</summary>
    Empty,

    /// <summary>It has more than <c>MAX_UPLOAD_SIZE</c>.</summary>
    TooLarge,

    /// <summary>What it says it is, or what its bytes are, is not one of the types that are taken; or both differ.</summary>
    WrongType,
}
