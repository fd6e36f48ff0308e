package feedwatch.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.Term;
import org.apache.lucene.queries.spans.SpanMultiTermQueryWrapper;
import org.apache.lucene.queries.spans.SpanNearQuery;
import org.apache.lucene.queries.spans.SpanOrQuery;
import org.apache.lucene.queries.spans.SpanQuery;
import org.apache.lucene.queries.spans.SpanTermQuery;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/** The trees that tests/bench/match/written.py writes, as queries of Lucene. */
final class Queries {
  /** The field that holds both the title and the text. */
  static final String BOTH = "both";

  private final Analyzer analyzer;

  Queries(Analyzer analyzer) {
    this.analyzer = analyzer;
  }

  Query query(JsonNode node) {
    switch (node.get(0).asText()) {
      case "phrase":
        return phrase(node);
      case "fact":
        return fact(node.get(1).asText(), node.get(2).asText());
      case "near":
        return span(node);
      case "or":
        return joined(node, Occur.SHOULD);
      case "and":
        return joined(node, Occur.MUST);
      default:
        throw new IllegalArgumentException(node.toString());
    }
  }

  private Query joined(JsonNode node, Occur occur) {
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    for (int at = 1; at < node.size(); at++) {
      JsonNode part = node.get(at);
      if (part.get(0).asText().equals("not")) {
        builder.add(query(part.get(1)), Occur.MUST_NOT);
      } else {
        builder.add(query(part), occur);
      }
    }
    return builder.build();
  }

  private static Query fact(String field, String glob) {
    if (glob.endsWith("*")) {
      return new PrefixQuery(new Term(field, glob.substring(0, glob.length() - 1)));
    }
    return new TermQuery(new Term(field, glob));
  }

  private Query phrase(JsonNode node) {
    String field = node.get(2).isNull() ? BOTH : node.get(2).asText();
    List<String> words = words(node.get(1).asText());
    if (node.get(3).asBoolean()) {
      return new PrefixQuery(new Term(field, words.get(0)));
    }
    if (words.size() == 1) {
      return new TermQuery(new Term(field, words.get(0)));
    }
    return new PhraseQuery(field, words.toArray(String[]::new));
  }

  /** Within a NEAR: phrases, ORs of them, and the NEAR itself. A slop is the words between, a distance one more. */
  private SpanQuery span(JsonNode node) {
    switch (node.get(0).asText()) {
      case "near":
        SpanQuery[] sides = {span(node.get(2)), span(node.get(3))};
        return new SpanNearQuery(sides, node.get(1).asInt() - 1, false);
      case "or":
        List<SpanQuery> parts = new ArrayList<>();
        for (int at = 1; at < node.size(); at++) {
          parts.add(span(node.get(at)));
        }
        return new SpanOrQuery(parts.toArray(SpanQuery[]::new));
      case "phrase":
        List<String> words = words(node.get(1).asText());
        if (node.get(3).asBoolean()) {
          return new SpanMultiTermQueryWrapper<>(new PrefixQuery(new Term(BOTH, words.get(0))));
        }
        SpanQuery[] terms =
            words.stream().map(word -> new SpanTermQuery(new Term(BOTH, word))).toArray(SpanQuery[]::new);
        return terms.length == 1 ? terms[0] : new SpanNearQuery(terms, 0, true);
      default:
        throw new IllegalArgumentException(node.toString());
    }
  }

  private List<String> words(String phrase) {
    List<String> words = new ArrayList<>();
    try (TokenStream stream = analyzer.tokenStream(BOTH, phrase)) {
      CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        words.add(term.toString());
      }
      stream.end();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return words;
  }
}
