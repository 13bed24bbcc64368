# clients/python/tracker.py
# Purpose: logs a training run to the ML Experiment Tracker from Python, and never stops or slows the training.
# Why: one file without dependencies (copy it beside your script); what the server cannot take now is sent later, once.
# Relevant files: README.md, runs/series-api.ts, runs/attempts/attempt-routes.ts, tests/client/exactly-once.test.ts

"""Client of the ML Experiment Tracker: one file, standard library only, Python 3.9 or newer.

    import tracker

    with tracker.start("digits", params={"lr": 0.01}, tags=["baseline", "model=mlp"]) as run:
        for step in range(1000):
            run.log({"loss": loss}, step=step)
        run.log_artifact("model.pt")

The server is at `url=` or TRACKER_URL (http://127.0.0.1:8000). `log` writes each point into a journal in `dir=` or
TRACKER_DIR (`./.tracker`, best on a local disk): a file mapped into memory, so that it survives the death of the process
(kill -9) as soon as `log` returns. A power cut may take the last seconds, unless `durable=True`: each `log` waits for the
disk. A thread sends the journal twice a second until the server has it. What is left at the end is sent by `python
tracker.py sync DIR`, or by the next start of the same run there. A point that is sent twice is stored once.
`log` does no network and waits for another thread 0.1 s at most (LOCK_WAIT); nothing here raises. A full disk or a journal
of 1 GiB is said once on stderr: it goes on in memory (16 MiB); what is lost after that, or refused, is counted (`run.lost`).
`finish` (also at exit) waits at most 10 s for the server (FINISH_WAIT). SIGTERM and exceptions are told as the reason.
Started again with the same `id=` or TRACKER_RUN_ID (any text, such as a job's number) a run goes on as a new attempt; where
both logged the same steps the newer points are shown. Also sent, unless `system=False` or TRACKER_SYSTEM=0: host, pid, and
the tags sys.python, sys.command, sys.git (the commit). Where a proxy before the server asks who comes: TRACKER_AUTH, which
is name:password (also in the address: http://name:password@host) or a bearer token, and stored nowhere.
"""
from __future__ import annotations
import atexit, base64, functools, glob, gzip, hashlib, http.client, importlib, itertools, json, math, mmap, os, pathlib
import platform, queue, random, re, signal, socket, struct, sys, threading, time, urllib.parse, uuid, zlib
from collections import deque
from contextlib import suppress
from typing import Any, Callable, Deque, Dict, Iterable, Iterator, List, Mapping, Optional, Set, Tuple, Union

fcntl: Any = importlib.import_module("fcntl") if os.name == "posix" else None  # without it no journal looks in use
LOCK_WAIT, FINISH_WAIT, HTTP_TIMEOUT, SEND_EVERY, RETRY_MAX = 0.1, 10.0, 15.0, 0.5, 300.0  # s
SEGMENT, JOURNAL_MAX = 4 * 1024**2, 1024**3  # bytes of one file of the journal, and of all
MEMORY_SEGMENTS, LAYOUTS_MAX, BATCH_POINTS = 4, 500, 5_000
# A segment: MAGIC, up to where the server has it, then records: length and CRC-32 of a body, and the body: `P` a point
# (number of its layout, time, step, values), `L` a layout (number, its keys), `J` anything else as JSON. Length 0 ends it.
MAGIC, FIRST = b"MLTRJ001", 16
ACKED, HEAD, NUMBER = struct.Struct("<Q"), struct.Struct("<II"), struct.Struct("<I")

_said: Set[str] = set()
_runs: Set[Run] = set()

def _say(what: str, text: str) -> None:  # once for each kind of trouble: a training's stderr is not ours
    if what not in _said:
        _said.add(what)
        with suppress(Exception):
            print(f"tracker: {text}", file=sys.stderr, flush=True)

class _Refused(Exception): ...  # by the server, now and later: status, text
class _Away(Exception): ...  # the server does not answer, or asks to come again: text, after so many seconds

class _Server:  # one connection that is kept
    def __init__(self, url: str) -> None:
        self.url, self.has_answered = _address(url), False
        self._kept: Optional[http.client.HTTPConnection] = None
    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] = {}) -> Any:
        parts = urllib.parse.urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        kept, self._kept = self._kept, None
        connection = kept or kind(parts.netloc, timeout=HTTP_TIMEOUT, blocksize=65_536)
        if isinstance(body, dict):
            body, headers = json.dumps(body).encode(), {"content-type": "application/json"}
        try:
            auth = os.environ.get("TRACKER_AUTH", "").strip()
            login = f"Basic {base64.b64encode(auth.encode()).decode()}" if ":" in auth else f"Bearer {auth}"
            headers = {**headers, "accept": "application/json", **({"authorization": login} if auth else {})}
            connection.request(method, parts.path + path, body() if callable(body) else body, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            if kept is None or isinstance(error, socket.timeout):
                raise _Away(str(error) or type(error).__name__, 0) from error
            return self.ask(method, path, body, headers)  # the kept connection may have been closed: once more, anew
        self._kept = connection
        status, after = answer.status, answer.getheader("retry-after") or ""
        if status in (408, 425, 429) or status >= 500:
            raise _Away(f"status {status}", min(float(after), RETRY_MAX) if after.isdecimal() else 0)
        if status < 400 and "json" not in (answer.getheader("content-type") or ""):
            raise _Away(f"status {status} without JSON: is a tracker there, or the page of a proxy?", 0)
        self.has_answered = True
        if status >= 400:
            raise _Refused(status, text[:500].decode("utf-8", "replace"))
        return json.loads(text)

class _Segment:
    """A part of the journal: a file, written through memory by the process that owns it; without a path, memory only."""
    def __init__(self, path: Optional[str], size: int = 0) -> None:  # size: of a new one
        self.path = path
        self.map = mmap.mmap(-1, size) if path is None else _map_file(path, size)
        if size:
            self.map[:8] = MAGIC
        self.acked: int = max(FIRST, ACKED.unpack_from(self.map, 8)[0])
        self.end = self.read = FIRST  # of what was written (by the owner)
        self.layouts: Dict[int, Tuple[struct.Struct, List[str]]] = {}
        self.head: Dict[str, Any] = {}  # what the first record says of the run
        self.has_end = False
    def has_room(self, body: bytes) -> bool: return self.end + HEAD.size + len(body) <= len(self.map)
    def write(self, body: bytes) -> None:
        end = self.end + HEAD.size + len(body)
        self.map[self.end : end] = HEAD.pack(len(body), zlib.crc32(body)) + body
        self.end = end
    def records(self) -> Iterator[Tuple[int, bytes]]:
        """Those that the server does not have yet, each with its end. A torn one was never logged, and is the last."""
        at, size = self.read, len(self.map)
        while at + HEAD.size <= size:
            length, crc = HEAD.unpack_from(self.map, at)
            end = at + HEAD.size + length
            if length == 0 or end > size or zlib.crc32(body := self.map[at + HEAD.size : end]) != crc:
                return
            if body.startswith(b"L"):
                keys: List[str] = json.loads(body[5:])
                packing = struct.Struct(f"<cIdq{len(keys)}d")
                self.layouts[NUMBER.unpack_from(body, 1)[0]] = (packing, [*map(json.dumps, keys)])
            elif at == FIRST:
                self.head = json.loads(body[1:])["head"]
            self.has_end = self.has_end or body.startswith(b'J{"end"')
            at = end
            if end > self.acked:
                yield end, body
    def ack(self, end: int) -> None:
        self.acked = self.read = end
        self.map[8:16] = ACKED.pack(end)
    def remove(self) -> None:
        self.map.close()
        if self.path is not None:
            with suppress(OSError):
                os.unlink(self.path)

def _map_file(path: str, size: int) -> mmap.mmap:
    """A new one's room is taken at once: to write into a mapped file on a full disk would kill the process."""
    fd = os.open(path, os.O_RDWR | (os.O_CREAT | os.O_EXCL if size else 0), 0o666)
    try:
        if size:
            os.posix_fallocate(fd, 0, size) if hasattr(os, "posix_fallocate") else os.write(fd, bytes(size))
        return mmap.mmap(fd, 0)
    except BaseException:
        if size:
            os.unlink(path)
        raise
    finally:
        os.close(fd)

def _line(key: str, value: float, step: int, seconds: float) -> str:
    """A point as the server takes it; `key` is JSON already."""
    text = repr(value) if math.isfinite(value) else '"NaN"' if value != value else f'"{"-" * (value < 0)}Infinity"'
    return f'{{"key":{key},"value":{text},"step":{step},"timestamp":{int(seconds * 1000)}}}'

class _Sender:  # of the records of one journal, in their order
    def __init__(self, server: _Server, head: Dict[str, Any], on_refused: Callable[[], None] = lambda: None) -> None:
        self.server, self.head, self.on_refused = server, head, on_refused
        self.run, self.attempt = f"/api/runs/{head['run']}", head["attempt"]
        self.pause = 0.0  # s after some hundred points: the training has the interpreter meanwhile
        self._last_time, self._has_begun = 0.0, False
    def send(self, segment: _Segment) -> None:
        """All that is in it now. What the server has is noted after each request; to repeat one does nothing twice."""
        lines: List[str] = []
        end, count = segment.acked, 0
        for at, body in segment.records():
            record = {} if body[:1] != b"J" else json.loads(body[1:])
            if len(lines) >= BATCH_POINTS or (record and "points" not in record):
                self._send_lines(lines, segment, end)
                lines = []
            if body[:1] == b"P":
                packing, keys = segment.layouts[NUMBER.unpack_from(body, 1)[0]]
                _, _, self._last_time, step, *values = packing.unpack(body)
                lines += [_line(key, value, step, self._last_time) for key, value in zip(keys, values)]
            elif "points" in record:
                lines += record["points"]
            elif record:
                self._send_record(record, f"{self.head['journal']}/{os.path.basename(segment.path or '')}/{at}")
                segment.ack(at)
            end, count = at, count + 1
            if self.pause > 0 and count % 200 == 0:
                time.sleep(self.pause)
        self._send_lines(lines, segment, end)
    def _begin(self) -> None:
        if not self._has_begun:
            self.server.ask("POST", "/api/runs", self.head["create"])
            self.server.ask("POST", f"{self.run}/attempts", self.attempt)
        self._has_begun = True
    def end_of_dead(self) -> None:
        """Of a process that ended without a word; another machine cannot know that it has."""
        if not self.head.get("is_child") and self.attempt.get("host", platform.node()) == platform.node():
            last = max(int(self._last_time * 1000), self.attempt["start_time"])
            end = {"status": "killed", "reason": "the process ended without a word", "end_time": last}
            self._send_record({"end": end}, "")
    def _send_record(self, record: Dict[str, Any], key: str) -> None:
        self._begin()
        if "artifact" in record:
            self._upload(**record["artifact"])
        if "end" in record:
            self.server.ask("PATCH", f"{self.run}/attempts/{self.attempt['id']}", record["end"])
        # One by one: what is wrong with one must not cost the others.
        for i, (what, name, value) in enumerate(record.get("facts", ())):
            self._log([json.dumps({what: {name: value}})], {"idempotency-key": f"{key}/{i}"[-200:]})
    def _send_lines(self, lines: List[str], segment: _Segment, end: int) -> None:
        if lines:
            self._log(lines, {})
        if end > segment.acked:
            segment.ack(end)
    def _log(self, lines: List[str], headers: Dict[str, str]) -> None:
        self._begin()
        headers = {"content-type": "application/x-ndjson", "content-encoding": "gzip", **headers}
        body = gzip.compress("\n".join(lines).encode(), 1)
        try:
            receipt = self.server.ask("POST", f"{self.run}/log?attempt={self.attempt['id']}", body, headers)
            for one in receipt["rejected"]:
                self._refuse(f"{one['key']!r} {one['reason']}")
        except _Refused as error:
            self._refuse(str(error), error)
    def _refuse(self, why: str, error: Optional[Exception] = None) -> None:
        """A part of what is logged is left out, and said; where all of the run is refused it stays in the journal."""
        if isinstance(error, _Refused) and error.args[0] not in (400, 413, 415, 422):
            raise error
        self.on_refused()
        _say(f"refused {self.run}", f"the server refuses some of what {self.run} logs, first: {why}")
    def _upload(self, path: str, name: str) -> None:
        try:
            with open(path, "rb") as file:
                size = os.fstat(file.fileno()).st_size
                def parts() -> Iterator[bytes]:  # a file that grows: what comes after `size` would be another request
                    file.seek(0)
                    while (left := size - file.tell()) > 0 and (part := file.read(min(left, 65_536))):
                        yield part
                at = f"{self.run}/artifacts/{urllib.parse.quote(name)}"
                self.server.ask("PUT", at, parts, {"content-length": str(size)})
        except (_Refused, OSError) as error:
            self._refuse(f"artifact {name}: {error}", error)

class Run:
    """A run that is being logged; made by `start`. All methods may be called from any thread, and after a fork."""
    def __init__(self, head: Dict[str, Any], folder: str, durable: bool) -> None:
        self.id, self.url = str(head["run"]), f"{head['url']}/runs/{head['run']}"
        self.lost = 0  # calls whose data found no room on the disk nor in memory, and what the server refused
        self._head, self._folder, self._durable = head, folder, durable
        self._step, self._numbers = -1, itertools.count()
        self._layouts: Dict[Tuple[str, ...], Tuple[Callable[..., bytes], int]] = {}
        self._layout_records: Dict[int, bytes] = {}
        self._state, self._has_ended = ("finished", ""), False
        self._open()
    def __reduce__(self) -> Any:
        return Run, ({**self._head, "is_child": True}, self._folder, self._durable)  # a spawned process: as a forked one
    def __deepcopy__(self, _: Any) -> Run: return self  # with the configuration or model that holds it
    def _open(self) -> None:
        """A journal of its own for this process; in a forked child again."""
        self._head = {**self._head, "journal": uuid.uuid4().hex[:12]}
        self._path = os.path.join(self._folder, f"{self.id}.{self._head['journal']}.")
        self._lock, self._is_writing = threading.RLock(), False
        self._late: Deque[bytes] = deque()  # records that are not in a segment yet
        self._segment: Optional[_Segment] = None  # in which is written
        self._full: Deque[_Segment] = deque()
        self._lock_file: Optional[int] = None
        self._made, self._goes_on = 0, True
        self._wake: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._thread: Optional[threading.Thread] = None
        self._is_hopeless = self._has_looked = False  # of the thread: no answer; others' journals are sent
    def log(self, metrics: Mapping[str, Any], step: Optional[int] = None) -> None:
        """Numbers (all that has __float__) by key, at a step: a whole number; without one, that after the last."""
        try:
            if step is None:
                step = self._step + 1
            keys = tuple(metrics)
            pack, number = self._layouts.get(keys) or self._new_layout(keys)
            self._append(pack(b"P", number, time.time(), step, *metrics.values()))
            self._step = step
        except Exception:
            self._log_one_by_one(metrics, step)
    def log_params(self, params: Mapping[str, Any]) -> None:
        """Nested ones are written with dots; a param keeps its first value."""
        self._record(lambda: {"facts": [("params", key, value) for key, value in _flat(params)]})
    def set_tags(self, tags: Union[Mapping[str, Any], Iterable[str]]) -> None:
        """A mapping, or names and `key=value`; a tag has its last value."""
        self._record(lambda: {"facts": [("tags", str(key), str(value)[:10_000]) for key, value in (
            tags.items() if isinstance(tags, Mapping) else
            (str(tag).partition("=")[::2] for tag in ([tags] if isinstance(tags, str) else tags)))]})
    def log_artifact(self, path: Union[str, os.PathLike[str]], name: Optional[str] = None) -> None:
        """A file, as it is when it is sent: leave it as it is. `name`: its path among the run's artifacts."""
        self._record(lambda: {"artifact": {"path": os.path.abspath(path), "name": name or os.path.basename(path)}})
    def flush(self, timeout: float = FINISH_WAIT) -> bool:
        """Waits until the server has all that was logged so far; False when that took too long."""
        until = time.monotonic() + timeout
        self._is_hopeless = False
        self._wake.put(True)
        while not self._is_delivered() and time.monotonic() < until and not self._is_hopeless:
            time.sleep(0.005)
        return self._is_delivered()
    def finish(self, status: str = "", reason: str = "", timeout: float = FINISH_WAIT) -> None:
        """The end: state (finished, failed, killed), reason. What is not sent after `timeout` s stays in the journal."""
        if self._has_ended:
            return
        if status and status not in ("finished", "failed", "killed"):
            _say(f"status {self.id}", f"there is no state {status!r}: finished, failed or killed")
            status, reason = "", reason or str(status)
        end = {"status": status or self._state[0], "reason": reason or self._state[1]}
        if not self._head.get("is_child"):
            self._record(lambda: {"end": {**end, "end_time": int(time.time() * 1000)}})
        self._has_ended = True
        with suppress(Exception):
            self._close(self.flush(timeout))
    def __enter__(self) -> Run: return self
    def __exit__(self, _: Any, error: Optional[BaseException], __: Any) -> None:
        self._fail(error)
        self.finish()
    def _fail(self, error: Optional[BaseException]) -> None:
        if error is not None and not isinstance(error, SystemExit):
            status = "killed" if isinstance(error, KeyboardInterrupt) else "failed"
            self._state = (status, f"{type(error).__name__}: {error}"[:5_000].rstrip(": "))
        elif error is not None and self._state[0] == "finished" and error.code not in (None, 0):
            self._state = ("failed", f"exit {error.code}")

    # The journal.
    def _record(self, make: Callable[[], Dict[str, Any]]) -> None:
        try:
            self._append(b"J" + json.dumps(make()).encode())
        except Exception as error:
            _say(f"record {self.id}", f"not logged: {type(error).__name__}: {error}")
    def _new_layout(self, keys: Tuple[str, ...]) -> Tuple[Callable[..., bytes], int]:
        if len(self._layouts) >= LAYOUTS_MAX:
            raise ValueError("too many sets of keys: one by one")
        number = next(self._numbers)
        self._layout_records[number] = b"L" + NUMBER.pack(number) + json.dumps([str(key) for key in keys]).encode()
        self._append(self._layout_records[number])
        return self._layouts.setdefault(keys, (struct.Struct(f"<cIdq{len(keys)}d").pack, number))
    def _log_one_by_one(self, metrics: Any, step: Any) -> None:
        """What `log` could not take as it is: the numbers among the values, at the whole step."""
        now, points = time.time(), []
        for key, value in metrics.items() if isinstance(metrics, Mapping) else [("metrics", metrics)]:
            try:
                points.append(_line(json.dumps(str(key)), float(value), int(step), now))
                self._step = int(step)
            except Exception as error:
                _say(f"value {self.id}", f"{key!r} is not logged: {type(error).__name__}: {error}")
        self._record(lambda: {"points": points})
    def _append(self, body: bytes = b"") -> None:
        """Into the segment, by the thread that calls: after this a kill -9 does not lose it."""
        if body:
            self._late.append(body)
        if not self._lock.acquire(False) and not self._lock.acquire(timeout=LOCK_WAIT):
            return  # the next one takes it along
        # A signal handler that logs while its own thread is writing leaves it to that.
        is_first, self._is_writing = not self._is_writing, True
        try:
            while is_first and self._late:
                self._write(self._late.popleft())
        finally:
            self._is_writing = not is_first
            self._lock.release()
    def _write(self, body: bytes) -> None:
        segment = self._segment
        if segment is None or not segment.has_room(body):
            segment = self._next_segment()
        if segment is None or not segment.has_room(body):
            self.lost += 1
            why = "there is no room for what is logged" if self._goes_on else f"run {self.id} is finished already"
            return _say(f"lost {self.id} {self._goes_on}", f"{why}: it is lost, and counted in run.lost")
        segment.write(body)
        if self._durable:
            segment.map.flush()
    def _next_segment(self) -> Optional[_Segment]:
        """One that begins with all that is needed to read it alone; none where there is no room."""
        if not self._goes_on or not (segment := self._new_segment()):
            return None
        segment.write(b"J" + json.dumps({"head": self._head}).encode())
        for record in list(self._layout_records.values()):
            segment.write(record)
        before, self._segment = self._segment, segment
        if before is not None:
            self._full.append(before)
        if self._thread is None:
            self._thread = threading.Thread(target=self._deliver, daemon=True, name="tracker")
            self._thread.start()
        return segment
    def _new_segment(self) -> Optional[_Segment]:
        """On disk, else in memory."""
        before = [segment for segment in (*self._full, self._segment) if segment is not None]
        try:
            if (len(before) + 1) * SEGMENT > JOURNAL_MAX:
                raise OSError(f"it has reached {JOURNAL_MAX} bytes")
            if self._lock_file is None:
                os.makedirs(self._folder, exist_ok=True)
                self._lock_file = _lock(self._path + "lock")
            self._made += 1
            return _Segment(f"{self._path}{self._made:06d}", SEGMENT)
        except Exception as error:
            _say(f"disk {self.id}", f"the journal in {self._folder} cannot go on ({error}); it goes on in memory")
        return _Segment(None, SEGMENT) if sum(one.path is None for one in before) < MEMORY_SEGMENTS else None

    # Sending, on a thread of its own.
    def _deliver(self) -> None:
        server = _Server(self._head["url"])
        sender = _Sender(server, self._head, lambda: setattr(self, "lost", self.lost + 1))
        wait, failed, is_first = SEND_EVERY, 0, True
        while self._goes_on:
            with suppress(queue.Empty):
                self._wake.get(timeout=wait)
            is_last = self._has_ended
            sender.pause = 0.0 if is_last else 0.001
            try:
                if is_first or is_last:
                    _send_left(self._folder, lambda _: server, f"{self.id}.")
                is_first, self._has_looked = False, is_last
                while self._full:
                    sender.send(self._full[0])
                    self._full.popleft().remove()
                self._append()
                if self._segment is not None:
                    sender.send(self._segment)
                wait, failed = SEND_EVERY, 0
            except Exception as error:
                text, after = error.args if isinstance(error, _Away) else (error, 30.0)
                failed = min(failed + 1, 10)
                wait = 0.5 if self._has_ended else max(after, min(30.0, 0.25 * 2**failed) * random.uniform(0.5, 1.0))
                self._is_hopeless = not isinstance(error, _Away) or not server.has_answered
                _say(f"away {self.id}", f"{server.url} does not take data ({text}): kept in {self._folder}, sent later")
    def _is_delivered(self) -> bool:
        segment = self._segment
        is_sent = not self._late and not self._full and (segment is None or segment.acked >= segment.end)
        return is_sent and (self._has_looked or not self._has_ended or segment is None)
    def _close(self, is_delivered: bool) -> None:
        self._goes_on = False
        self._wake.put(True)
        if self._thread is not None:
            self._thread.join(0.5)
        _runs.discard(self)
        is_delivered = is_delivered and self._is_delivered()
        segments = [segment for segment in (*self._full, self._segment) if segment is not None]
        self.lost += sum(1 for segment in segments if segment.path is None for _ in segment.records())
        for segment in segments if is_delivered else ():
            segment.remove()
        self._segment = None
        if self._lock_file is not None:
            os.close(self._lock_file)
            if is_delivered or all(segment.path is None for segment in segments):
                os.unlink(self._path + "lock")
        if not is_delivered or self.lost > 0:
            what = f"{self.lost} calls are lost or refused" if self.lost else "not all is sent"
            left = "" if is_delivered else f"; `python {__file__} sync '{self._folder}'` sends what is left"
            _say(f"end {self.id}", f"run {self.id}: {what}{left}")

@functools.lru_cache(None)
def _install() -> None:
    """Once: what is to be done at SIGTERM, with an exception that nobody catches, and in a forked child."""
    hook, sigterm = sys.excepthook, signal.getsignal(signal.SIGTERM)
    def on_exception(kind: Any, error: BaseException, trace: Any) -> None:
        for run in list(_runs):
            run._fail(error)
        hook(kind, error, trace)
    def on_sigterm(number: int, frame: Any) -> None:
        for run in list(_runs):
            run._state = ("killed", "SIGTERM")
        if callable(sigterm):
            sigterm(number, frame)
        elif sigterm == signal.SIG_DFL:
            raise SystemExit(128 + number)  # so that `finally` and `atexit` run
    def in_child() -> None:
        for run in list(_runs):  # copies of locks, no threads: a journal of its own, with the same attempt
            if run._lock_file is not None:
                os.close(run._lock_file)
            run._head["is_child"] = True
            run._open()
        with suppress(ValueError, TypeError):
            if signal.getsignal(signal.SIGTERM) is on_sigterm:
                signal.signal(signal.SIGTERM, sigterm)
    sys.excepthook = on_exception
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=in_child)
    with suppress(ValueError):  # not the main thread
        signal.signal(signal.SIGTERM, on_sigterm)

def start(experiment: str, *, id: Optional[str] = None, name: Optional[str] = None, parent: Optional[str] = None,
          params: Mapping[str, Any] = {}, tags: Union[Mapping[str, Any], Iterable[str]] = (), url: Optional[str] = None,
          dir: Optional[str] = None, durable: bool = False, system: bool = True) -> Run:
    """A run begins, or goes on as a new attempt where the server knows its `id` (any text). Never waits for the server."""
    env, now = os.environ.get, int(time.time() * 1000)
    url = _address(url or env("TRACKER_URL") or "http://127.0.0.1:8000")
    run_id = _id_of(experiment, str(id or env("TRACKER_RUN_ID") or uuid.uuid4().hex))
    is_told = system and env("TRACKER_SYSTEM") != "0"
    names = {"experiment": _one_line(experiment), "name": _one_line(name or "")}
    create = {"id": run_id, "start_time": now, **names, "parent_id": parent and _id_of(experiment, str(parent))}
    machine = {"host": platform.node()[:500], "pid": os.getpid()} if is_told else {}
    attempt = {"id": uuid.uuid4().hex, "start_time": now, **machine}
    head = {"run": run_id, "url": url, "create": _given(create), "attempt": attempt}
    run = Run(head, os.path.abspath(dir or env("TRACKER_DIR") or ".tracker"), durable)
    _install()
    _runs.add(run)
    atexit.register(run.finish)
    facts = {"sys.python": platform.python_version(), "sys.command": " ".join(sys.argv), "sys.git": _git_commit()}
    run.set_tags(_given(facts) if is_told else ())
    run.log_params(params)
    run.set_tags(tags)
    return run

def _id_of(experiment: str, text: str) -> str:
    if re.fullmatch("[0-9a-f]{32}", text):  # as the server's ids are
        return text
    return hashlib.sha256(f"{experiment}/{text}".encode("utf-8", "replace")).hexdigest()[:32]

def _one_line(text: str) -> str: return " ".join(str(text).split())[:500]
def _given(all: Mapping[str, Any]) -> Dict[str, Any]: return {key: value for key, value in all.items() if value}

def _address(url: str) -> str:
    """Without a name and password: those go with each request, not into journals and messages."""
    url = (url if "://" in url else f"http://{url}").rstrip("/")
    if found := re.match(r"([^/]+//)([^/?#]+)@", url):
        os.environ["TRACKER_AUTH"] = urllib.parse.unquote(found[2]).replace("\0", "")
        url = found[1] + url[found.end() :]
    return url

def _git_commit() -> str:  # from the files, without starting git; empty where that is not so simple
    with suppress(Exception):
        here = pathlib.Path.cwd()
        git = next(folder / ".git" for folder in (here, *here.parents) if (folder / ".git").is_dir())
        head = (git / "HEAD").read_text().strip()
        return ((git / head[5:]).read_text() if head.startswith("ref: ") else head).strip()[:64]
    return ""

def _flat(params: Mapping[str, Any], prefix: str = "") -> Iterator[Tuple[str, Any]]:
    for key, value in params.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{key}.")
        else:
            is_exact = value is None or isinstance(value, (bool, int, float)) and abs(value) < 2**53
            yield f"{prefix}{key}", value if is_exact else str(value)[:100_000]

def _lock(path: str) -> Optional[int]:  # held while the process lives; None where another one holds it
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if fcntl is not None:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return fd
    except BlockingIOError:
        os.close(fd)
        return None
    except OSError:  # some network disks have no locks
        return fd

def _send_left(folder: str, server_of: Callable[[str], _Server], prefix: str = "") -> Tuple[int, int]:
    """Journals that no living process holds: how many were sent and removed, how many are refused and stay."""
    counts = [0, 0]
    for path in sorted(glob.glob(os.path.join(glob.escape(folder), f"{prefix}*.lock"))):
        held = None
        try:
            if (held := _lock(path)) is None:
                continue
            _send_journal(path[: -len("lock")], server_of)
            os.unlink(path)
            counts[0] += 1
        except _Away:
            raise
        except Exception as error:  # refused, or a file that cannot be read: it must not keep back the others
            counts[1] += 1
            _say(f"left {path}", f"what {path} belongs to is refused: {type(error).__name__} {error}")
        finally:
            if held is not None:
                os.close(held)
    return counts[0], counts[1]

def _send_journal(base: str, server_of: Callable[[str], _Server]) -> None:
    sender: Optional[_Sender] = None
    paths = sorted(glob.glob(f"{glob.escape(base)}[0-9]*"))
    segments = [_Segment(path) for path in paths if os.path.getsize(path) > FIRST]  # else it died while making it
    for segment in segments:
        next(segment.records(), None)  # reads its head
        if segment.head:
            sender = sender or _Sender(server_of(segment.head["url"]), segment.head)
            sender.send(segment)
    if sender is not None and not any(segment.has_end for segment in segments):
        sender.end_of_dead()
    for segment in segments:
        segment.map.close()
    for path in paths:
        os.unlink(path)

def sync(folder: str, url: Optional[str] = None) -> Tuple[int, int]:
    """Sends what ended processes left in a folder: how many journals were sent, how many are refused and stay."""
    return _send_left(folder, lambda its_own: _Server(url or os.environ.get("TRACKER_URL") or its_own))

def _main(command: str = "", folder: str = "", option: str = "--url", url: str = "", *more: str) -> int:
    if command != "sync" or not folder or option != "--url" or more:
        print("usage: python tracker.py sync DIR [--url URL]\nSends what ended processes left in DIR.", file=sys.stderr)
        return 2
    if not os.path.isdir(folder):
        print(f"There is no folder {folder}.", file=sys.stderr)
        return 2
    try:
        sent, left = sync(folder, url)
    except _Away as error:
        print(f"The server takes no data now ({error.args[0]}): it stays in {folder}.", file=sys.stderr)
        return 1
    in_use = len(glob.glob(os.path.join(glob.escape(folder), "*.lock"))) - left
    print(f"{sent} journals sent, {left} refused, {in_use} in use by a process")
    return 1 if left else 0

if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
