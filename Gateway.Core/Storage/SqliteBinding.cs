using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Gateway.Core.Storage;

/// <summary>
/// Lets Microsoft.Data.Sqlite, which is compiled against a newer SQLitePCLRaw, run on the one that is installed, and puts the system's SQLite
/// (3.38 or later, with its security updates) in place of the bundled 3.35.5. See docs/decisions/packages/sqlite.md.
/// Compiled into every assembly that may touch SQLite first; the first copy wins.
/// </summary>
internal static class SqliteBinding
{
#pragma warning disable CA2255 // A library on purpose: the binding must stand before the first use of SQLite, wherever that is.
    [ModuleInitializer]
    internal static void Init()
    {
        if (AppContext.GetData("sqlite-binding") is not null)
        {
            return;
        }
        AppContext.SetData("sqlite-binding", "on");
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
            name.Name is { } simple && simple.StartsWith("SQLitePCLRaw.", StringComparison.Ordinal) && name.Version is not null
                ? context.LoadFromAssemblyName(new AssemblyName(simple))
                : null;
        UseSystemLibrary();
    }
#pragma warning restore CA2255

    // Apart, because the type below must not load before Resolving is set.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UseSystemLibrary() =>
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, static (name, _, _) =>
            name == "e_sqlite3" && NativeLibrary.TryLoad("libsqlite3.so.0", out var handle) ? handle : 0);
}
