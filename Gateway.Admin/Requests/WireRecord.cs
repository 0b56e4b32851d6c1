using System.Text.Json;
using Gateway.Admin.Conventions;

namespace Gateway.Admin.Requests;

/// <summary>Binds the JSON object of a request to a wire record and holds the record's rules.</summary>
internal static class WireRecord<T>
    where T : class
{
    /// <summary>The record, or everything that is wrong with the object. Until the error is null the record is not to be used.</summary>
    /// <param name="root">The object.</param>
    /// <param name="services">What rules ask, such as the clock.</param>
    /// <param name="isUpdate">Whether an object without one known member is a mistake.</param>
    public static (T Value, ApiError? Error) Bind(JsonElement root, IServiceProvider? services, bool isUpdate = false)
    {
        var binder = new RecordBinder(services);
        var value = (T)binder.Bind(WireType.Of(typeof(T)), root, "");
        return (value, binder.Error ?? (isUpdate && !binder.AnySent ? ApiError.NothingToUpdate : null));
    }
}
