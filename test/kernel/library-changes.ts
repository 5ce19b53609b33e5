// Calls and stores on objects of libraries: those that change the object, and those that only read it, show it or use it.
import { changing, leaving, type WatchedStep } from './mutations.ts';

const parser = 'import argparse\np = argparse.ArgumentParser(prog="p")\np.add_argument("--y", default=1)';
const document =
  'import xml.dom.minidom as dom\ndoc = dom.parseString("<top><a n=\'1\'/><b/></top>")\ntop = doc.documentElement; a = top.firstChild';
const element = 'import xml.etree.ElementTree as ET\ntop = ET.fromstring("<top><a/></top>"); tree = ET.ElementTree(top)';
const logger =
  'import logging\nlog = logging.getLogger("one"); other = logging.getLogger("two"); handler = logging.NullHandler()';
const config = 'import configparser\nc = configparser.ConfigParser(); c.read_string("[a]\\nx = 1")';
const generic = 'import functools\n@functools.singledispatch\ndef show(x): return 0';
const message = 'from email.message import EmailMessage\nm = EmailMessage()';
const connection = 'import sqlite3\ncon = sqlite3.connect(":memory:"); cur = con.cursor()';
const template = 'import string\nt = string.Template("$a")';
const executor = 'import concurrent.futures as cf\npool = cf.ThreadPoolExecutor(1)';
const scheduler = 'import sched, time\ns = sched.scheduler(time.time, time.sleep)';
const fraction = 'import fractions\nf = fractions.Fraction(1, 3)';

/** The standard library is enough. */
export const libraryChanges: readonly WatchedStep[] = [
  changing(parser, 'p.add_argument("--x", default=1)', 'p'),
  changing(parser, 'p.set_defaults(y=2)', 'p'),
  changing('async def g():\n  yield 1\na = g()', 'try: a.__anext__().send(None)\nexcept StopIteration: pass', 'a'),
  changing('async def g(): return 1\nc = g()', 'try: c.send(None)\nexcept StopIteration: pass', 'c'),
  changing('import struct\nit = struct.iter_unpack("B", b"ab")', 'next(it)', 'it'),
  changing('import itertools\nit = itertools.repeat(1, 3)', 'next(it)', 'it'),
  changing('it = reversed({1: 2, 3: 4}.items())', 'next(it)', 'it'),
  changing('class A: pass\nclass B: pass\na = A()', 'b = a; b.__class__ = B', 'a'),
  changing('class A:\n  __slots__ = ("x",)\nclass B:\n  __slots__ = ("x",)\na = A()', 'b = a; b.__class__ = B', 'a'),
  changing('e = ValueError(1)', 'f = e; f.args = (2,)', 'e'),
  changing('e = KeyError([])', 'e.args[0].append(1)', 'e'),
  changing('e = ValueError(1)', 'f = e; f.__notes__ = ["more"]', 'e'),
  changing('class E(Exception): pass\ne = E()', 'f = e; f.code = 3', 'e'),
  changing(connection, 'd = con; d.row_factory = sqlite3.Row', 'con cur sqlite3', 'con cur'),
  changing(connection, 'd = cur; d.row_factory = sqlite3.Row', 'cur sqlite3', 'cur'),
  changing(parser, 'p.description = "more"', 'p'),
  changing(parser, 'g = p.add_argument_group("g")\ng.add_argument("--x")', 'p'),
  changing(`${parser}\ndef fill(to): to.add_argument("--x")`, 'fill(p)', 'p fill', 'p'),
  changing(`${parser}\ndef fill(): p.add_argument("--x")`, 'fill()', 'p fill', 'p'),
  changing(`${parser}\nq = {"parser": p}`, 'q["parser"].add_argument("--x")', 'q', 'q p'),
  changing(document, 'top.appendChild(doc.createElement("c"))', 'top', 'top doc'),
  changing(document, 'top.setAttribute("n", "2")', 'top', 'top doc'),
  changing(document, 'a.setAttribute("n", "2")', 'a', 'a top doc'),
  changing(document, 'top.removeChild(a)', 'top a', 'top doc'),
  changing(element, 'top.set("n", "1")', 'top', 'top tree'),
  changing(element, 'top[0].text = "t"', 'top', 'top tree'),
  changing(element, 'ET.SubElement(top, "b")', 'top ET', 'top tree'),
  changing(element, 'b = ET.SubElement(top, "b")', 'top ET', 'top tree'),
  changing(element, 'tree.getroot().append(ET.Element("b"))', 'tree ET', 'tree top'),
  changing(logger, 'log.addHandler(handler)', 'log other handler', 'log'),
  changing(logger, 'log.setLevel(10)', 'log other', 'log'),
  changing(logger, 'log.propagate = False', 'log other', 'log'),
  changing(config, 'c.add_section("b")', 'c'),
  changing(config, 'c.set("a", "x", "2")', 'c'),
  changing(generic, '@show.register\ndef _int(x: int): return 1', 'show'),
  changing(generic, 'show.register(int, lambda x: 1)', 'show'),
  changing(message, 'm.set_content("hello")', 'm'),
  changing(message, 'm.add_header("X", "1")', 'm'),
  changing(scheduler, 's.enter(1, 1, print)', 's'),
];

export const libraryReads: readonly WatchedStep[] = [
  leaving('e = ValueError(1)', 'try: raise e\nexcept ValueError: str(e); e.args', 'e'),
  leaving('class E(Exception):\n  def __init__(self): self.code = 1\ne = E()', 'try: raise e from None\nexcept E: pass', 'e'),
  leaving('async def g():\n  yield 1\na = g()', 'a.ag_running; repr(a); a.__aiter__()', 'a'),
  leaving('import itertools\nit = itertools.repeat(1)', 'next(it)', 'it'),
  leaving(parser, 'p.parse_args([]); p.format_help(); p.print_usage()', 'p'),
  leaving(parser, 'n = p.parse_args(["--y", "2"])\np.print_help()\np.get_default("y")', 'p'),
  leaving(parser, 'q = argparse.ArgumentParser(parents=[], add_help=False)\nq.add_argument("--z")', 'p argparse'),
  leaving(
    document,
    'top.toxml(); doc.toprettyxml(); doc.getElementsByTagName("a"); a.getAttribute("n"); top.hasChildNodes()',
    'top doc a',
  ),
  leaving(document, 'c = doc.createElement("c")\nc.setAttribute("n", "1")', 'top doc'),
  leaving(element, 'ET.tostring(top); top.findall("a"); top.get("n"); list(top); ET.indent\nET.dump(top)', 'top tree ET'),
  leaving(logger, 'log.info("x"); log.warning("y"); log.isEnabledFor(10); log.debug("z")', 'log other'),
  leaving(config, 'c.get("a", "x"); c.sections(); c.has_option("a", "x"); c["a"]["x"]; dict(c["a"])', 'c'),
  leaving(generic, 'show(1); show("x"); show.dispatch(int)', 'show'),
  leaving(message, 'm.as_string(); m.get_content_type(); m.keys()', 'm'),
  leaving(connection, 'con.execute("create table t (a)"); con.commit(); cur.fetchall()', 'con cur'),
  leaving(template, 't.substitute(a=1); t.safe_substitute()', 't'),
  leaving(executor, 'pool.submit(int).result()\nlist(pool.map(int, [1]))', 'pool'),
  leaving(fraction, 'f.limit_denominator(5)\nf + 1', 'f'),
  leaving('import collections\nP = collections.namedtuple("P", "x")\np = P(1)', 'p._replace(x=2)\np._asdict()', 'p P'),
  leaving('import decimal\nc = decimal.Context()', 'c.create_decimal("1.1")\nc.divide(1, 3)', 'c'),
  leaving('import re\nr = re.compile("a")', 'r.sub("b", "a")\nr.split("bab")', 'r'),
  leaving('import hashlib\nh = hashlib.sha256()', 'h.hexdigest()', 'h'),
  leaving('import pathlib\np = pathlib.Path("a")', 'p.exists()\np.with_suffix(".b")\np.joinpath("c")\np.resolve()', 'p'),
  leaving('import textwrap\nw = textwrap.TextWrapper()', 'w.wrap("a b")\nw.fill("c d")', 'w'),
  leaving('import statistics\nn = statistics.NormalDist(0, 1)', 'n.cdf(1)\nn.quantiles(4)', 'n'),
  leaving('import ipaddress\nn = ipaddress.ip_network("10.0.0.0/30")', 'list(n.hosts())\nn.subnets()\nn.broadcast_address', 'n'),
  leaving(
    'import zoneinfo, datetime\nz = datetime.timezone.utc; d = datetime.datetime(2026, 1, 1)',
    'd.astimezone(z)\nd.replace(year=1)',
    'd z',
  ),
];

const figure =
  'import matplotlib\nmatplotlib.use("agg")\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots(); line, = ax.plot([1, 2])';

export const plottingChanges: readonly WatchedStep[] = [
  changing(figure, 'ax.plot([3, 4])', 'ax', 'ax fig'),
  changing(figure, 'ax.set_title("t")', 'ax', 'ax fig'),
  changing(figure, 'ax.set_xlabel("x")', 'ax', 'ax fig'),
  changing(figure, 'ax.set(ylabel="y")', 'ax', 'ax fig'),
  changing(figure, 'ax.legend(["a"])', 'ax', 'ax fig'),
  changing(figure, 'bars = ax.bar([1], [2])', 'ax', 'ax fig'),
  changing(figure, 'fig.suptitle("t")', 'fig'),
  changing(figure, 'line.set_ydata([5, 6])', 'line', 'line ax fig'),
  changing(figure, 'fig.add_subplot(122)', 'fig'),
  changing(`${figure}\ndef draw(on): on.plot([3, 4])`, 'draw(ax)', 'draw ax', 'ax fig'),
];

export const plottingReads: readonly WatchedStep[] = [
  leaving(figure, 'ax.get_lines(); ax.get_title(); len(ax.lines); ax.get_xlim(); fig.axes; line.get_ydata()', 'fig ax line'),
  leaving(figure, 'ax.get_lines()\nax.get_xticklabels()\nax.get_legend_handles_labels()', 'fig ax line'),
  leaving(figure, 'import io\nfig.savefig(io.BytesIO())', 'fig ax line'),
  leaving(figure, 'fig.canvas.draw()', 'fig ax line'),
  leaving(figure, 'fig.get_size_inches()\nfig', 'fig ax line'),
  leaving(figure, 'g, b = plt.subplots()\nb.plot([1])\nplt.close(g)', 'plt fig ax line'),
];
