namespace Gateway.Admin.Conventions;

/// <summary>Ends a request from where no result can be returned: while its body or its parameters are read.</summary>
internal class ApiErrorException(ApiError error) : Exception(error.Text + ".")
{
    public ApiError Error { get; } = error;
}
