import assert from "node:assert/strict";
import { test } from "node:test";
import { compileCel } from "./cel.ts";

test("the libraries that Kubernetes gives to rules", () => {
  const cases: [string, unknown][] = [
    ["url('https://u@example.com:80/p/a?k=v').getHost()", "example.com:80"],
    ["url('https://example.com/').getScheme()", "https"],
    ["url('/path').getEscapedPath()", "/path"],
    ["isURL('https://example.com')", true],
    ["isURL('no url')", false],
    ["ip('::ffff:1').family() == 6 && ip('127.0.0.1').isLoopback()", true],
    ["isIP('1.2.3.256')", false],
    ["string(ip('2001:db8:0:0:0:0:0:1'))", "2001:db8::1"],
    ["cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.1'))", true],
    ["cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", true],
    [
      "cidr('192.168.1.5/24').masked() == cidr('192.168.1.0/24') && cidr('192.168.1.5/24').prefixLength() == 24",
      true,
    ],
    ["quantity('1Gi').isGreaterThan(quantity('1G'))", true],
    ["quantity('50k').add(quantity('20k')).sub(20000).compareTo(quantity('50k'))", 0n],
    ["isQuantity('1.3Mx')", false],
    ["semver('1.2.3-rc.1').isLessThan(semver('1.2.3'))", true],
    ["semver('v1.2', true).minor()", 2n],
    [
      "sets.contains([1, 2, 3], [1, 3]) && sets.intersects([1], [1, 2]) && sets.equivalent([1, 1], [1])",
      true,
    ],
    ["[3, 1, 2].sort().isSorted() && [1, 2, 3].sum() == 6 && [1.5, 2.5].max() == 2.5", true],
    ["[1, [2, 3]].flatten().size()", 3n],
    ["['a', 'b', 'a'].lastIndexOf('a')", 2n],
    ["[1, 2, 3].slice(1, 3) == [2, 3] && [1, 2].last().value() == 2", true],
    ["'abc 123 45'.find('[0-9]+') + '|' + 'abc 123 45'.findAll('[0-9]+').join(',')", "123|123,45"],
    ["'hello'.replace('l', 'L', 1).charAt(2)", "L"],
    ["'%s has %d of %.1f%%'.format(['x', 3, 12.345])", "x has 3 of 12.3%"],
    ["format.dns1123Label().validate('Not-valid').hasValue()", true],
    ["!format.named('dns1123Subdomain').value().validate('a.b-c.d').hasValue()", true],
    ["[1, 2, 3].all(i, v, v == i + 1) && {'a': 1}.exists(k, v, k == 'a' && v == 1)", true],
    ["{'a': 1, 'b': 2}.transformList(k, v, k + string(v)).join()", "a1b2"],
    ["base64.encode(base64.decode('aGk='))", "aGk="],
    ["math.greatest(1, 5, 3)", 5n],
    [
      "duration('90m') > duration('1h') && timestamp('2024-01-01T00:00:00Z') < timestamp('2024-01-02T00:00:00Z')",
      true,
    ],
    ["object.?spec.?missing.orValue('none')", "none"],
    ["has(object.list[0].x) && !has(object.list[0].y)", true],
    ["object.replicas + 1 == 4 && object.ratio == 0.5", true],
    ["'has(' + object.name + ')'", "has(n)"],
    ["oldObject == null", true],
  ];
  const object = { list: [{ x: 1 }], replicas: 3, ratio: 0.5, name: "n", spec: {} };
  for (const [expression, expected] of cases) {
    assert.deepEqual(compileCel(expression).evaluate({ object }), expected, expression);
  }
});

test("a matchCondition reads the request", () => {
  const condition = compileCel(
    "request.operation in ['CREATE', 'UPDATE'] && !('system:nodes' in request.userInfo.groups)",
  );
  const request = (groups: string[]) => ({ request: { operation: "CREATE", userInfo: { groups } } });
  assert.equal(condition.evaluate(request(["x"])), true);
  assert.equal(condition.evaluate(request(["system:nodes"])), false);
  const asking = compileCel("authorizer.group('apps').resource('deployments').check('get').allowed()");
  assert.throws(() => asking.evaluate({}), /authorizer is not available/);
});

test("errors carry CEL's texts", () => {
  assert.throws(() => compileCel("1 +"), /^Error: ERROR: <input>: Syntax error/);
  assert.throws(() => compileCel("'a'.nothing()"), /^Error: ERROR: <input>: compilation failed/);
  assert.throws(() => compileCel("object.missing").evaluate({ object: {} }), /^Error: no such key: missing/);
  assert.throws(() => compileCel("1 / object.zero").evaluate({ object: { zero: 0 } }), /division by zero/);
});
