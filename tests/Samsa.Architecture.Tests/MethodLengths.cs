using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Samsa.Architecture.Tests;

/// <summary>Reads method lengths from the syntax, not from guesses about braces.</summary>
internal static class MethodLengths
{
    public static IEnumerable<MethodLength> Of(SourceFile file)
    {
        var tree = CSharpSyntaxTree.ParseText(string.Join('\n', file.Lines));
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            var body = node switch
            {
                BaseMethodDeclarationSyntax method => (SyntaxNode?)method.Body ?? method.ExpressionBody,
                AccessorDeclarationSyntax accessor => (SyntaxNode?)accessor.Body ?? accessor.ExpressionBody,
                LocalFunctionStatementSyntax local => (SyntaxNode?)local.Body ?? local.ExpressionBody,
                _ => null,
            };
            if (body is not null)
            {
                var span = tree.GetLineSpan(body.Span);
                yield return new(NameOf(node), span.StartLinePosition.Line + 1, span.EndLinePosition.Line - span.StartLinePosition.Line + 1);
            }
        }
    }

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        LocalFunctionStatementSyntax local => local.Identifier.Text,
        _ => node.Kind().ToString(),
    };
}

/// <summary>A method, constructor, accessor or local function: where it starts and how many lines its body has.</summary>
internal readonly record struct MethodLength(string Name, int Start, int Lines);
