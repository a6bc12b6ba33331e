using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Samsa.Model;

/// <summary>Truths that must hold, checked in production too: better a dead process than a wrong answer.</summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantException"/> where the condition is false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [StackTraceHidden]
    public static void Holds(bool condition, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        if (!condition)
        {
            Broken(text);
        }
    }

    [StackTraceHidden]
    private static void Broken(string text) => throw new InvariantException(text);
}

/// <summary>A bug of Samsa's own: something that cannot be has happened.</summary>
public sealed class InvariantException(string condition) : Exception($"Broken invariant: {condition}");
