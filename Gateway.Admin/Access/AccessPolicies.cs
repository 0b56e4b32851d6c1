using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Gateway.Admin.Access;

/// <summary>The rules of routes, by name. A route without one is public and never looks at the Authorization header.</summary>
internal static class AccessPolicies
{
    /// <summary>Anybody who signed in.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>Staff: support and admin.</summary>
    public const string Staff = "staff";

    /// <summary>Admins.</summary>
    public const string Admin = "admin";

    /// <summary><c>{user_id}</c> is the caller's own; staff may name anybody.</summary>
    public const string OwnOrStaff = "own-or-staff";

    /// <summary><c>{user_id}</c> is the caller's own; admins may name anybody.</summary>
    public const string OwnOrAdmin = "own-or-admin";

    public static void AddAccessRules(this IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, AccessTokenHandler>(AccessTokenHandler.Scheme, null);
        services.AddSingleton<IAuthorizationHandler, PathUserRule>();
        services
            .AddAuthorizationBuilder()
            .AddPolicy(SignedIn, p => p.WithCaller())
            .AddPolicy(Staff, p => p.WithCaller().RequireRole(Roles.Support, Roles.Admin))
            .AddPolicy(Admin, p => p.WithCaller().RequireRole(Roles.Admin))
            .AddPolicy(OwnOrStaff, p => p.WithCaller().AddRequirements(new PathUserRequirement([Roles.Support, Roles.Admin])))
            .AddPolicy(OwnOrAdmin, p => p.WithCaller().AddRequirements(new PathUserRequirement([Roles.Admin])));
    }

    private static AuthorizationPolicyBuilder WithCaller(this AuthorizationPolicyBuilder policy) =>
        policy.AddAuthenticationSchemes(AccessTokenHandler.Scheme).RequireAuthenticatedUser();

    /// <summary>The path's user must be the caller, or the caller must have one of the roles.</summary>
    private sealed record PathUserRequirement(string[] RolesForOthers) : IAuthorizationRequirement;

    private sealed class PathUserRule : AuthorizationHandler<PathUserRequirement>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PathUserRequirement requirement)
        {
            if (
                context.Resource is HttpContext http
                && http.Features.Get<SignedInCaller>() is { } caller
                && http.Request.RouteValues["user_id"] is string userId
                && (caller.Resolve(userId) == caller.UserId || requirement.RolesForOthers.Contains(caller.Role))
            )
            {
                context.Succeed(requirement);
            }
            return Task.CompletedTask;
        }
    }
}
