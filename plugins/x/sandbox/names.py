"""Names to draw people from: how a person writes it, and the letters a handle is made of."""

# ruff: noqa: RUF001 - letters of many scripts are what this file is about

from typing import NamedTuple


class Culture(NamedTuple):
    """First and last names that go together; `family_first` where the family name leads."""

    firsts: tuple[tuple[str, str], ...]
    lasts: tuple[tuple[str, str], ...]
    family_first: bool = False


def _plain(names: str) -> tuple[tuple[str, str], ...]:
    """Pair each name with its own letters."""
    return tuple((name, name.lower()) for name in names.split())


def _pairs(names: str) -> tuple[tuple[str, str], ...]:
    """Split `written/letters` pairs."""
    return tuple((written, letters) for written, letters in (p.split("/") for p in names.split()))


CULTURES = (
    Culture(
        _pairs(
            "Léa/lea Chloé/chloe Hugo/hugo Élodie/elodie Mathis/mathis Noémie/noemie Théo/theo "
            "Anaïs/anais Gaspard/gaspard Camille/camille Rémi/remi Zoé/zoe Maëlys/maelys"
        ),
        _pairs(
            "Moreau/moreau Lefèvre/lefevre Girard/girard Bérenger/berenger Fontaine/fontaine "
            "Rousseau/rousseau Chevalier/chevalier Le-Goff/legoff Marchand/marchand Périer/perier"
        ),
    ),
    Culture(
        _plain("Olivia Noah Amelia Jack Priya Ethan Grace Marcus Isla Dylan Ruby Owen Hannah Leo"),
        _plain("Parker Bennett Hughes Okafor Campbell Ellis Foster Grant Walsh Reid Sharma Doyle"),
    ),
    Culture(
        _pairs(
            "Søren/soren Astrid/astrid Jörg/jorg Freja/freja Lukas/lukas Ingrid/ingrid Björn/bjorn "
            "Greta/greta Håkon/hakon Annika/annika Jürgen/jurgen Saga/saga Matthias/matthias"
        ),
        _pairs(
            "Lindström/lindstrom Müller/muller Østergaard/ostergaard Weiß/weiss Nygård/nygard "
            "Becker/becker Åkesson/akesson Schäfer/schafer Holm/holm Krüger/kruger Dahl/dahl"
        ),
    ),
    Culture(
        _pairs(
            "Lucía/lucia Mateo/mateo Inês/ines João/joao Sofía/sofia Tomás/tomas Beatriz/beatriz "
            "Martín/martin Valentina/valentina Rafael/rafael Íñigo/inigo Conceição/conceicao"
        ),
        _pairs(
            "García/garcia Muñoz/munoz Ferreira/ferreira Núñez/nunez Castaño/castano Silva/silva "
            "Gonçalves/goncalves Peña/pena Ibáñez/ibanez Carvalho/carvalho Ortega/ortega"
        ),
    ),
    Culture(
        _pairs(
            "Giulia/giulia Matteo/matteo Chiara/chiara Niccolò/niccolo Noè/noe Lorenzo/lorenzo "
            "Alice/alice Tommaso/tommaso Elettra/elettra Davide/davide"
        ),
        _plain("Rossi Esposito Moretti Ricci Conti Gallo Ferrara Bellini Greco Marchetti"),
    ),
    Culture(
        _pairs(
            "Zofia/zofia Łukasz/lukasz Małgorzata/malgorzata Jiří/jiri Agnieszka/agnieszka "
            "Václav/vaclav Katarína/katarina Ondřej/ondrej Hanna/hanna Błażej/blazej"
        ),
        _pairs(
            "Kowalczyk/kowalczyk Wójcik/wojcik Novák/novak Dvořák/dvorak Zieliński/zielinski "
            "Horváth/horvath Król/krol Svobodová/svobodova Pospíšil/pospisil"
        ),
    ),
    Culture(
        _pairs(
            "Олена/olena Дмитро/dmytro Катерина/kateryna Андрій/andriy Софія/sofiya Тарас/taras "
            "Юлія/yuliya Богдан/bohdan Марія/mariya"
        ),
        _pairs(
            "Шевченко/shevchenko Коваль/koval Мельник/melnyk Бондар/bondar Лисенко/lysenko "
            "Ткачук/tkachuk Гончар/honchar"
        ),
    ),
    Culture(
        _pairs(
            "Ελένη/eleni Γιώργος/giorgos Δήμητρα/dimitra Νίκος/nikos Αθηνά/athina Στέλιος/stelios "
            "Χρυσή/chrysi"
        ),
        _pairs("Παππά/pappa Νικολάου/nikolaou Ιωάννου/ioannou Βλάχου/vlachou Δήμου/dimou"),
    ),
    Culture(
        _pairs(
            "Ayşe/ayse Çağlar/caglar Elif/elif Gökhan/gokhan Şule/sule Emre/emre İpek/ipek "
            "Özgür/ozgur Zeynep/zeynep"
        ),
        _pairs("Yılmaz/yilmaz Öztürk/ozturk Şahin/sahin Doğan/dogan Çelik/celik Aksoy/aksoy"),
    ),
    Culture(
        _pairs(
            "陽菜/haruna 蓮/ren 美咲/misaki 大翔/hiroto 結衣/yui 颯太/sota 葵/aoi 健太/kenta "
            "さくら/sakura 直樹/naoki"
        ),
        _pairs(
            "佐藤/sato 鈴木/suzuki 高橋/takahashi 田中/tanaka 渡辺/watanabe 小林/kobayashi 森/mori"
        ),
        family_first=True,
    ),
    Culture(
        _pairs("민준/minjun 서연/seoyeon 지호/jiho 하은/haeun 도윤/doyun 수아/sua 예준/yejun"),
        _pairs("김/kim 이/lee 박/park 최/choi 정/jung 윤/yoon 한/han"),
        family_first=True,
    ),
    Culture(
        _pairs(
            "ليلى/layla يوسف/youssef مريم/maryam عمر/omar نور/nour سامي/sami هدى/huda كريم/karim "
            "ياسمين/yasmine"
        ),
        _pairs("حداد/haddad منصور/mansour خوري/khoury سليمان/sulayman بناني/bennani نجار/najjar"),
    ),
    Culture(
        _pairs(
            "अनन्या/ananya आरव/aarav दिया/diya ईशान/ishaan Kavya/kavya Rohan/rohan Meera/meera "
            "Arjun/arjun"
        ),
        _pairs("शर्मा/sharma पटेल/patel Iyer/iyer गुप्ता/gupta Nair/nair Kulkarni/kulkarni Rao/rao"),
    ),
    Culture(
        _plain("Amara Kwame Zuri Tendai Adaeze Sipho Nia Kofi Thandiwe Chidi Wanjiru"),
        _plain("Mensah Okonkwo Dlamini Mwangi Adeyemi Banda Nkosi Boateng Achieng"),
    ),
)

SIGNS = ("🌿", "✨", "☕", "📚", "🎧", "🏔️", "🐈", "🌊", "🎨", "🚲")

BIOGRAPHIES = (
    "Notes on design, mostly on Sundays.",
    "Slow mornings, long walks, good bread.",
    "Architecte à temps plein, céramiste le soir.",
    "She/her. I build things and break others.",
    "Wohnen, Licht, Holz.",
    "写真と喫茶店。",
    "Vivo entre libros y plantas.",
    "Opinions are my own, puns are borrowed.",
    "Mum of two, runner of hills.",
    "Tasarım, kahve, kediler.",
    "Дизайн і велосипеди.",
    "",
    "",
    "",
)
