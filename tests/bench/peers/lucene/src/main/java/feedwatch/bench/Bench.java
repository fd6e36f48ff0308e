package feedwatch.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.monitor.MatchingQueries;
import org.apache.lucene.monitor.Monitor;
import org.apache.lucene.monitor.MonitorQuery;
import org.apache.lucene.monitor.MultiMatchingQueries;
import org.apache.lucene.monitor.MultipassTermFilteredPresearcher;
import org.apache.lucene.monitor.Presearcher;
import org.apache.lucene.monitor.QueryMatch;
import org.apache.lucene.monitor.TermFilteredPresearcher;

/**
 * Lucene's Monitor over the queries and items of tests.bench.match, on one thread.
 *
 * <p>Arguments: a folder with queries.json, items.json (one a line) and simplified.txt; the presearcher (terms or
 * multipass); how many items are matched at once; for how many seconds of CPU at least (two rounds or more, ten at
 * most). Prints one line of JSON. Times are of the thread's CPU, which leaves out the collector's and the compiler's
 * threads.
 */
public final class Bench {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Monitor monitor;
  private final List<Document> items;
  private final List<List<Integer>> found = new ArrayList<>();
  private long asked;

  private Bench(Monitor monitor, List<Document> items) {
    this.monitor = monitor;
    this.items = items;
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int atOnce = Integer.parseInt(arguments[2]);
    double seconds = Double.parseDouble(arguments[3]);
    List<JsonNode> trees = readLines(folder.resolve("queries.json"));
    List<Document> items = new ArrayList<>();
    for (JsonNode item : readLines(folder.resolve("items.json"))) {
      items.add(document(item));
    }
    try (NewsAnalyzer analyzer = new NewsAnalyzer(Files.readString(folder.resolve("simplified.txt")))) {
      long begun = PROCESS.getProcessCpuTime();
      try (Monitor monitor = new Monitor(analyzer, presearcher(arguments[1]))) {
        register(monitor, trees, new Queries(analyzer));
        long built = PROCESS.getProcessCpuTime() - begun;
        trees.clear();
        new Bench(monitor, items).run(atOnce, seconds, built);
      }
    }
  }

  private static Presearcher presearcher(String name) {
    return name.equals("multipass") ? new MultipassTermFilteredPresearcher(2) : new TermFilteredPresearcher();
  }

  private static List<JsonNode> readLines(Path path) throws IOException {
    List<JsonNode> read = new ArrayList<>();
    for (String line : Files.readAllLines(path)) {
      read.add(JSON.readTree(line));
    }
    return read;
  }

  private static Document document(JsonNode item) {
    Document document = new Document();
    document.add(new TextField(Queries.BOTH, item.get("title").asText(), Store.NO));
    document.add(new TextField(Queries.BOTH, item.get("text").asText(), Store.NO));
    document.add(new TextField("title", item.get("title").asText(), Store.NO));
    for (String fact : List.of("lang", "source", "tag")) {
      for (JsonNode value : item.get(fact)) {
        document.add(new StringField(fact, value.asText(), Store.NO));
      }
    }
    return document;
  }

  private static void register(Monitor monitor, List<JsonNode> trees, Queries queries) throws IOException {
    List<MonitorQuery> batch = new ArrayList<>();
    for (int number = 0; number < trees.size(); number++) {
      batch.add(new MonitorQuery(Integer.toString(number), queries.query(trees.get(number))));
      if (batch.size() == 5000) {
        monitor.register(batch);
        batch.clear();
      }
    }
    monitor.register(batch);
  }

  private void run(int atOnce, double seconds, long built) throws IOException {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long heap = runtime.totalMemory() - runtime.freeMemory();
    long best = Long.MAX_VALUE;
    long bestOfProcess = Long.MAX_VALUE;
    long[] taken = {};
    long spent = 0;
    for (int round = 0; round < 2 || (round < 10 && spent < seconds * 1e9); round++) {
      found.clear();
      asked = 0;
      long begun = THREADS.getCurrentThreadCpuTime();
      long begunInAll = PROCESS.getProcessCpuTime();
      long[] each = atOnce == 1 ? matchEach() : matchSome(atOnce);
      long whole = THREADS.getCurrentThreadCpuTime() - begun;
      bestOfProcess = Math.min(bestOfProcess, PROCESS.getProcessCpuTime() - begunInAll);
      spent += whole;
      if (whole < best) {
        best = whole;
        taken = each;
      }
    }
    Arrays.sort(taken);
    Map<String, Object> result = new HashMap<>();
    result.put("build_s", built / 1e9);
    result.put("rss_mb", peakKilobytes() / 1024.0);
    result.put("heap_mb", heap / 1048576.0);
    result.put("items_a_second", items.size() / (best / 1e9));
    result.put("items_a_second_of_process", items.size() / (bestOfProcess / 1e9));
    result.put("p50_us", taken[taken.length / 2] / 1e3);
    result.put("p99_us", taken[(int) (taken.length * 0.99)] / 1e3);
    result.put("asked", (double) asked / items.size());
    result.put("found", found);
    System.out.println(JSON.writeValueAsString(result));
  }

  private long[] matchEach() throws IOException {
    long[] taken = new long[items.size()];
    for (int at = 0; at < taken.length; at++) {
      long begun = THREADS.getCurrentThreadCpuTime();
      MatchingQueries<QueryMatch> matches = monitor.match(items.get(at), QueryMatch.SIMPLE_MATCHER);
      taken[at] = THREADS.getCurrentThreadCpuTime() - begun;
      asked += matches.getQueriesRun();
      found.add(numbers(matches.getMatches()));
    }
    return taken;
  }

  /** Items that wait for others have no latency of their own: each is given its share of the batch's. */
  private long[] matchSome(int atOnce) throws IOException {
    long[] taken = new long[items.size()];
    for (int first = 0; first < taken.length; first += atOnce) {
      int last = Math.min(first + atOnce, taken.length);
      Document[] batch = items.subList(first, last).toArray(Document[]::new);
      long begun = THREADS.getCurrentThreadCpuTime();
      MultiMatchingQueries<QueryMatch> matches = monitor.match(batch, QueryMatch.SIMPLE_MATCHER);
      Arrays.fill(taken, first, last, (THREADS.getCurrentThreadCpuTime() - begun) / batch.length);
      asked += matches.getQueriesRun();
      for (int at = 0; at < batch.length; at++) {
        found.add(numbers(matches.getMatches(at)));
      }
    }
    return taken;
  }

  private static List<Integer> numbers(Iterable<QueryMatch> matches) {
    List<Integer> numbers = new ArrayList<>();
    for (QueryMatch match : matches) {
      numbers.add(Integer.valueOf(match.getQueryId()));
    }
    return numbers;
  }

  private static long peakKilobytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }
}
