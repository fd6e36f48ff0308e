package feedwatch.bench;

import java.io.IOException;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * What a user of Lucene would choose for news in English and Chinese: Unicode's words, folded; Chinese in overlapping
 * bigrams, traditional characters as simplified ones.
 */
final class NewsAnalyzer extends Analyzer {
  /** Words between the title and the text in a field that holds both, so that no phrase or NEAR spans them. */
  static final int GAP = 1000;

  private final char[] simplified;

  /** @param pairs a traditional character and its simplified form, one pair after the other */
  NewsAnalyzer(String pairs) {
    simplified = new char[Character.MAX_VALUE + 1];
    for (int code = 0; code < simplified.length; code++) {
      simplified[code] = (char) code;
    }
    for (int at = 0; at + 1 < pairs.length(); at += 2) {
      simplified[pairs.charAt(at)] = pairs.charAt(at + 1);
    }
  }

  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer words = new StandardTokenizer();
    TokenStream folded = new LowerCaseFilter(new EnglishPossessiveFilter(new CJKWidthFilter(words)));
    return new TokenStreamComponents(words, new CJKBigramFilter(new Simplify(new ASCIIFoldingFilter(folded))));
  }

  @Override
  public int getPositionIncrementGap(String field) {
    return GAP;
  }

  private final class Simplify extends TokenFilter {
    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

    Simplify(TokenStream input) {
      super(input);
    }

    @Override
    public boolean incrementToken() throws IOException {
      if (!input.incrementToken()) {
        return false;
      }
      char[] letters = term.buffer();
      for (int at = term.length() - 1; at >= 0; at--) {
        letters[at] = simplified[letters[at]];
      }
      return true;
    }
  }
}
