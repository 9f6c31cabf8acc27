import { RolldownMagicString } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

/**
 * A browser compiles a function when it is first called, on the main thread, unless the function stands in parentheses:
 * then it compiles it with the script, beside the main thread. Every page calls most of the collector's functions.
 * Rolldown, Vite and esbuild leave such parentheses in their place.
 */
export const eager = { name: 'eager', renderChunk: withParentheses };

function withParentheses(code) {
  const text = new RolldownMagicString(code);
  wrapWithin(parseAst(code), 0);
  return text.toString();

  /** What is declared may be called before, so it moves to `top`, where the block around it begins. */
  function wrapWithin(node, top) {
    const { type, start, end, key, value } = node;
    if (type === 'FunctionDeclaration') {
      wrap(start, end, `const ${node.id.name} = (`, ');');
      text.move(start, end, top);
    } else if (node.method) {
      refuse(node);
      const name = code.slice(key.start, key.end);
      text.remove(start, value.start);
      wrap(value.start, end, `${name}: (${value.async ? 'async ' : ''}function`, ')');
    } else if (type === 'ArrowFunctionExpression' || (type === 'FunctionExpression' && !isOfMethod(node))) {
      wrap(start, end, '(', ')');
    }
    const inner = type === 'BlockStatement' ? start + 1 : top;
    for (const child of Object.values(node).flat()) if (child?.type) wrapWithin(child, inner);
  }

  /** A method becomes a function beneath its name. Of these, it would become another one. */
  function refuse({ computed, value, start, end }) {
    const what = (computed && 'a computed name') || (value.generator && 'a generator') || (hasSuper(value) && '`super`');
    if (what) throw new Error(`no parentheses can be put around a method with ${what}: ${code.slice(start, end)}`);
  }

  function hasSuper(node) {
    return node.type === 'Super' || Object.values(node).flat().some((child) => child?.type && hasSuper(child));
  }

  /** Such a function begins with its parameters. */
  function isOfMethod({ start }) {
    return code[start] === '(';
  }

  function wrap(start, end, before, after) {
    text.prependRight(start, before).appendLeft(end, after);
  }
}
